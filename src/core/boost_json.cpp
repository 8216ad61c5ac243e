// The one translation unit that holds Boost.JSON's code; everything else includes its headers only.
#include <boost/json/src.hpp>
