"""MBG/NBD as lifetimes has it."""

from ..._models import MbgNbd
from ..generate_data import modified_beta_geometric_nbd_model
from .beta_geo_fitter import BetaGeoFitter


class ModifiedBetaGeoFitter(BetaGeoFitter):
    """Also known as MBG/NBD: customers may stop after the first purchase too. ``params_`` r, alpha, a, b."""

    _Model = MbgNbd
    _generate = staticmethod(modified_beta_geometric_nbd_model)
