package axiom

// Kilo is a constant of the author's, who put it into the generated package.
const Kilo = 1000
