"""The CDNOW customers (Fader and Hardie, published for research). What else lifetimes bundles is not here."""

import pathlib

import pandas as pd

__all__ = ["load_cdnow_summary", "load_transaction_data", "load_cdnow_summary_data_with_monetary_value", "load_donations"]

_CDNOW = "cdnow_customers_summary_with_transactions.csv"


def load_dataset(filename, **kwargs):
    """A bundled file as a table. ``kwargs`` go to ``pandas.read_csv``."""
    if filename == "cdnow_customers_summary.csv":
        return load_cdnow_summary(**kwargs)
    if filename != _CDNOW:
        raise FileNotFoundError(f"{filename}: only the CDNOW summary is bundled; the file itself comes with the package lifetimes")
    return pd.read_csv(pathlib.Path(__file__).with_name(filename), **kwargs)


def load_cdnow_summary(**kwargs):
    """2,357 customers: ID, frequency, recency, T in weeks."""
    table = pd.read_csv(pathlib.Path(__file__).with_name(_CDNOW)).drop(columns="zbar")
    table.columns = ["ID", "frequency", "recency", "T"]
    if not kwargs:
        return table
    import io

    return pd.read_csv(io.StringIO(table.to_csv(index=False)), **kwargs)


def load_cdnow_summary_data_with_monetary_value(**kwargs):
    """2,357 customers: frequency, recency, T, monetary_value; index customer_id."""
    table = load_dataset(_CDNOW, **kwargs)
    table.columns = ["customer_id", "frequency", "recency", "T", "monetary_value"]
    return table.set_index("customer_id")


def load_transaction_data(**kwargs):
    """Not bundled: lifetimes' invented purchases."""
    return load_dataset("example_transactions.csv", **kwargs)


def load_donations(**kwargs):
    """Not bundled: donations of Fader, Hardie and Shang (2010)."""
    return load_dataset("donations.csv", **kwargs)
