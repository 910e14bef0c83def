# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The embedded sample: eight tables of a small company, with the same rows each time.

The tables are those that the reference's "List Available Tables with Selection Status" names.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

SEED = 20260203
TABLES = {
    "offices": """
        officeCode VARCHAR(10) NOT NULL PRIMARY KEY, city VARCHAR(50) NOT NULL,
        phone VARCHAR(50) NOT NULL, addressLine1 VARCHAR(50) NOT NULL, country VARCHAR(50) NOT NULL,
        postalCode VARCHAR(15), territory VARCHAR(10) NOT NULL""",
    "employees": """
        employeeNumber INTEGER NOT NULL PRIMARY KEY, lastName VARCHAR(50) NOT NULL,
        firstName VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL UNIQUE,
        officeCode VARCHAR(10) NOT NULL REFERENCES offices (officeCode),
        reportsTo INTEGER REFERENCES employees (employeeNumber), jobTitle VARCHAR(50) NOT NULL""",
    "customers": """
        customerNumber INTEGER NOT NULL PRIMARY KEY, customerName VARCHAR(80) NOT NULL,
        phone VARCHAR(50), city VARCHAR(50) NOT NULL, country VARCHAR(50) NOT NULL,
        salesRepEmployeeNumber INTEGER REFERENCES employees (employeeNumber),
        creditLimit DECIMAL_TEXT(10,2), active BOOLEAN NOT NULL DEFAULT 1,
        since DATETIME NOT NULL""",
    "productlines": """
        productLine VARCHAR(50) NOT NULL PRIMARY KEY, textDescription VARCHAR(4000), image BLOB""",
    "products": """
        productCode VARCHAR(15) NOT NULL PRIMARY KEY, productName VARCHAR(70) NOT NULL,
        productLine VARCHAR(50) NOT NULL REFERENCES productlines (productLine),
        productScale VARCHAR(10) NOT NULL, productDescription TEXT NOT NULL,
        quantityInStock SMALLINT NOT NULL DEFAULT 0, buyPrice DECIMAL_TEXT(10,2) NOT NULL,
        MSRP DECIMAL_TEXT(10,2) NOT NULL, weight DOUBLE""",
    "orders": """
        orderNumber INTEGER NOT NULL PRIMARY KEY, orderDate DATE NOT NULL,
        requiredDate DATE NOT NULL, shippedDate DATE, status VARCHAR(15) NOT NULL, comments TEXT,
        customerNumber INTEGER NOT NULL REFERENCES customers (customerNumber)""",
    "orderdetails": """
        orderNumber INTEGER NOT NULL REFERENCES orders (orderNumber),
        productCode VARCHAR(15) NOT NULL REFERENCES products (productCode),
        quantityOrdered INTEGER NOT NULL, priceEach DECIMAL_TEXT(10,2) NOT NULL,
        orderLineNumber SMALLINT NOT NULL, PRIMARY KEY (orderNumber, productCode)""",
    "payments": """
        customerNumber INTEGER NOT NULL REFERENCES customers (customerNumber),
        checkNumber VARCHAR(50) NOT NULL, paymentDate DATE NOT NULL,
        amount DECIMAL_TEXT(10,2) NOT NULL, PRIMARY KEY (customerNumber, checkNumber)""",
}
"""The tables and their columns, each after the tables that it refers to."""

CITIES = (
    ("Zürich", "Switzerland", "8001"),
    ("São Paulo", "Brazil", "01001-000"),
    ("東京", "日本", "100-0001"),
    ("Kraków", "Poland", "30-001"),
    ("Αθήνα", "Greece", None),
    ("القاهرة", "Egypt", "11511"),
    ("San Francisco", "USA", "94080"),
)
GIVEN = ("Anna", "Björn", "Chloë", "Đorđe", "Élodie", "小明", "Ингрид", "O'Neil", "José", "محمد")
FAMILY = ("Müller", "Nowak", "佐藤", "Silva", "Παπαδόπουλος", "D'Souza", "Ökten", "Иванова")
LINES = ("Bicycles", "Boats", "Classic Cars", "Motorcycles", "Planes", "Ships", "Trains")
GOODS = ("Roadster", "Clipper", "Express", "Falcon", "Schooner", "Scrambler", "Tandem")
TITLES = ("Sales Rep", "Sales Manager", "Analyst", "Engineer")
STATES = ("Shipped", "In Process", "Cancelled", "On Hold", "Resolved")
NOTES = (None, None, "Leave it with the neighbour 🙂", 'Fragile — "this side up"', "急ぎ")

Row = tuple[object, ...]


def create(folder: Path | str) -> None:
    """Write source.db, with the sample, and an empty destination.db; both replace what is there."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "source.db", filled=True)
    _write(folder / "destination.db", filled=False)


def _write(path: Path, *, filled: bool) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as connection:
        if filled:
            _fill(connection)
        else:
            connection.execute("VACUUM")
    for leftover in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    draft.replace(path)


def _fill(connection: sqlite3.Connection) -> None:
    rows = _Rows(random.Random(SEED))
    for name, columns in TABLES.items():
        connection.execute(f'CREATE TABLE "{name}" ({columns})')
        found = list(getattr(rows, name)())
        places = ", ".join("?" * len(found[0]))
        connection.executemany(f'INSERT INTO "{name}" VALUES ({places})', found)
    connection.commit()


class _Rows:
    """The rows of each table, drawn from one random number generator in the tables' order."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.ordered: list[int] = []

    def offices(self) -> Iterator[Row]:
        for number, (city, country, code) in enumerate(CITIES, 1):
            phone = f"+{number} 555 {self.draw.randrange(10000):04d}"
            yield str(number), city, phone, f"{number} Harbour Road", country, code, "EMEA"

    def employees(self) -> Iterator[Row]:
        for number in range(1001, 1041):
            boss = None if number == 1001 else 1001 + (number - 1001) // 8
            office = str(self.draw.randint(1, len(CITIES)))
            name, given = self.draw.choice(FAMILY), self.draw.choice(GIVEN)
            title = "President" if boss is None else self.draw.choice(TITLES)
            yield number, name, given, f"e{number}@example.com", office, boss, title

    def customers(self) -> Iterator[Row]:
        for number in range(101, 401):
            city, country, _code = self.draw.choice(CITIES)
            name = f"{self.draw.choice(GIVEN)} & {self.draw.choice(FAMILY)} Co. {number}"
            rep = self.draw.choice((None, self.draw.randint(1002, 1040)))
            limit = self.draw.choice((None, self._money(0, 25_000_000)))
            since = f"{self._day()} {self.draw.randrange(24):02d}:15:30.{number:06d}"
            phone = self.draw.choice((None, f"555-{number:04d}"))
            yield number, name, phone, city, country, rep, limit, int(number % 7 != 0), since

    def productlines(self) -> Iterator[Row]:
        for number, line in enumerate(LINES):
            image = None if number % 3 == 0 else self.draw.randbytes(64)
            yield line, f"{line}: made to scale, boxed — naïve but charming.", image

    def products(self) -> Iterator[Row]:
        for number in range(110):
            line, goods = LINES[number % len(LINES)], self.draw.choice(GOODS)
            cost = self.draw.randint(1000, 10000)
            scale = self.draw.choice(("1:10", "1:18", "1:72"))
            weight = self.draw.choice((None, self.draw.uniform(0.1, 9.9)))
            price, retail = _decimal(cost), _decimal(cost * 17 // 10)
            text = f"A {goods.lower()} of the line {line} ✈"
            stock = self.draw.randrange(9999)
            yield f"S{number:03d}", f"{goods} {1900 + number}", line, scale, text, stock, price, retail, weight

    def orders(self) -> Iterator[Row]:
        for number in range(10100, 10500):
            day = self._day()
            shipped = self.draw.choice((None, day + timedelta(days=self.draw.randint(1, 6))))
            status, note = self.draw.choice(STATES), self.draw.choice(NOTES)
            self.ordered.append(number)
            customer = self.draw.randint(101, 400)
            needed = day + timedelta(days=7)
            yield number, str(day), str(needed), shipped and str(shipped), status, note, customer

    def orderdetails(self) -> Iterator[Row]:
        for order in self.ordered:
            chosen = sorted(self.draw.sample(range(110), self.draw.randint(1, 8)))
            for line, product in enumerate(chosen, 1):
                count = self.draw.randint(1, 60)
                yield order, f"S{product:03d}", count, self._money(1000, 20000), line

    def payments(self) -> Iterator[Row]:
        for customer in range(101, 401):
            for number in range(self.draw.randrange(3)):
                check = f"CK{customer}-{number}"
                yield customer, check, str(self._day()), self._money(10_000, 9_000_000)

    def _day(self) -> date:
        return date(2024, 1, 1) + timedelta(days=self.draw.randrange(700))

    def _money(self, low: int, high: int) -> str:
        return _decimal(self.draw.randint(low, high))


def _decimal(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
