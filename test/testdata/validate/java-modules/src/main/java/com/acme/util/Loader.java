package com.acme.util;
import axiom.AxiomContext;
public final class Loader { public static final String KEY = "U_KEY"; public static String load(AxiomContext ax) { return ax.secrets().get(KEY).orElse(""); } }
