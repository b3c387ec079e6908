#include <kontor/http.hpp>

int main() { return kontor::http({.base_url = "https://credit.bank"}) ? 0 : 1; }
