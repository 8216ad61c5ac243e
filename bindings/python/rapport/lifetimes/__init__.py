"""A drop-in for the package lifetimes 0.11.3, on Rapport's models: change ``import lifetimes`` to ``from rapport import lifetimes``.

Class names, arguments, attributes, utils and plotting are those of lifetimes; what differs on purpose, because it was wrong, is listed in docs/lifetimes.md. It needs pandas,
plotting needs matplotlib.

>>> from rapport import lifetimes
>>> from rapport.lifetimes.datasets import load_cdnow_summary
>>> data = load_cdnow_summary(index_col=[0])
>>> model = lifetimes.BetaGeoFitter().fit(data["frequency"], data["recency"], data["T"])
>>> model
<lifetimes.BetaGeoFitter: fitted with 2357 subjects, a: 0.79, alpha: 4.41, b: 2.43, r: 0.24>
>>> round(float(model.predict(39, 2, 30.43, 38.86)), 3)
1.226
"""

try:
    import pandas  # noqa: F401
except ImportError:
    raise ImportError("rapport.lifetimes works on pandas tables: pip install pandas; rapport.BgNbd and its kind need none") from None

from .fitters import BaseFitter  # noqa: F401
from .fitters.beta_geo_beta_binom_fitter import BetaGeoBetaBinomFitter
from .fitters.beta_geo_fitter import BetaGeoFitter
from .fitters.gamma_gamma_fitter import GammaGammaFitter
from .fitters.modified_beta_geo_fitter import ModifiedBetaGeoFitter
from .fitters.pareto_nbd_fitter import ParetoNBDFitter

__version__ = "0.11.3"  # whose interface this is

__all__ = ("__version__", "BetaGeoFitter", "ParetoNBDFitter", "GammaGammaFitter", "ModifiedBetaGeoFitter", "BetaGeoBetaBinomFitter")
