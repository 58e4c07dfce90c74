package util;
public interface Names { String TOKEN = "N1"; String STATIC1 = "N2"; }
