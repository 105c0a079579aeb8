package io.claviger.client.http;

import io.claviger.client.json.JsonTrees;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Goes through a list page by page, so that the first lines are shown before the last are there.
 */
final class PageIterator implements Iterator<List<JsonNode>> {
  private final Api api;
  private final String path;
  private Optional<String> cursor = Optional.empty();
  private boolean ended;

  PageIterator(Api api, String path) {
    this.api = api;
    this.path = path;
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public List<JsonNode> next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    String first = path + (path.contains("?") ? "&" : "?") + "limit=200";
    JsonNode page =
        api.get(cursor.map(next -> first + "&cursor=" + Api.encoded(next)).orElse(first));
    cursor = JsonTrees.optional(page, "next_cursor");
    ended = cursor.isEmpty();
    return List.copyOf(page.path("items").values());
  }
}
