# find_package(rapport) gives rapport::rapport (C++, static) and rapport::capi (C, shared).
include(CMakePackageConfigHelpers)
install(TARGETS rapport rapport_flags rapport_capi EXPORT rapportTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT rapport_Development
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT rapport_Runtime NAMELINK_COMPONENT rapport_Development)
install(DIRECTORY include/rapport DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT rapport_Development)
install(FILES capi/rapport.h capi/rapport_day.h capi/rapport_pure.h capi/rapport_arrow.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT rapport_Development)
if(TARGET rapport_command)
  install(TARGETS rapport_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT rapport_Runtime)
endif()
set(RAPPORT_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/rapport)
install(EXPORT rapportTargets NAMESPACE rapport:: DESTINATION ${RAPPORT_CMAKE_DIR} COMPONENT rapport_Development)
configure_package_config_file(cmake/rapportConfig.cmake.in rapportConfig.cmake INSTALL_DESTINATION ${RAPPORT_CMAKE_DIR})
write_basic_package_version_file(rapportConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/rapportConfig.cmake" "${PROJECT_BINARY_DIR}/rapportConfigVersion.cmake" cmake/RapportDependencies.cmake
  DESTINATION ${RAPPORT_CMAKE_DIR} COMPONENT rapport_Development)
