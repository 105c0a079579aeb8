package io.claviger.stub;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the list of models.
 *
 * @param hasMore whether more models follow on later pages
 */
record ModelPage(List<String> models, boolean hasMore) {
  /** Returns the models from an offset on, but not more than the query requests. */
  static ModelPage of(StubCall call, List<String> all, int from, String sizeParameter, int size) {
    int most = number(call, sizeParameter, size);
    if (most < 1 || from < 0 || from > all.size()) {
      throw new BadCall("there is no such page");
    }
    int to = Math.min(all.size(), from + most);
    return new ModelPage(all.subList(from, to), to < all.size());
  }

  /**
   * Returns the page for a token. The token is the offset of the first model on the page. Any other
   * token requests the first page.
   */
  static ModelPage byToken(
      StubCall call, List<String> all, String tokenParameter, String sizeParameter, int size) {
    @Nullable String token = parameter(call, tokenParameter);
    boolean known = token != null && token.matches("[0-9]{1,9}");
    return of(call, all, known ? Integer.parseInt(token) : 0, sizeParameter, size);
  }

  String nextToken(List<String> all) {
    return Integer.toString(all.indexOf(models.get(models.size() - 1)) + 1);
  }

  static @Nullable String parameter(StubCall call, String name) {
    List<String> values = call.query().get(name);
    return values == null ? null : values.get(0);
  }

  private static int number(StubCall call, String name, int otherwise) {
    @Nullable String value = parameter(call, name);
    try {
      return value == null || value.isEmpty() ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new BadCall(name + " must be a number");
    }
  }
}
