#include <kontor/options.hpp>

int main() { return kontor::postgresql("postgresql://bank@db.example/loans").open ? 0 : 1; }
