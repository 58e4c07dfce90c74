package nodes;

interface Keys {
    String TOKEN = "FETCH_TOKEN";
}
