#include <kontor/options.hpp>

int main() { return kontor::sqlite("loans.db").open ? 0 : 1; }
