package io.claviger.gateway.relay;

import io.claviger.domain.formats.ProviderApi;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The requested page of a list.
 *
 * @param next the id of the object next to the page: the object before the page, or the object
 *     after the page if {@code backwards}; empty for the first page
 * @param backwards whether the page ends before {@code next}
 * @param ids the ids of the objects to list; if empty, all objects are listed
 */
record RequestedPage(
    Optional<String> next,
    boolean backwards,
    Set<String> ids,
    Optional<String> purpose,
    boolean oldestFirst,
    int limit) {
  /** The maximum number of objects per page. */
  static final int MOST = 20;

  /** The maximum number of objects that a request may name in {@code ids}. */
  private static final int MOST_IDS = 100;

  /**
   * @param query the part of the caller's query that is forwarded
   * @throws CallRefused if no list can have the requested page
   */
  static RequestedPage of(ProviderApi api, String query) {
    Map<String, List<String>> parameters = new QueryStringDecoder("?" + query).parameters();
    ProviderApi.ObjectPaging paging = api.objectPaging();
    Optional<String> before =
        paging.before().isEmpty() ? Optional.empty() : one(parameters, paging.before());
    List<String> after =
        paging.after().stream().flatMap(name -> one(parameters, name).stream()).toList();
    if (after.size() + before.stream().count() > 1) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
    boolean oldestFirst =
        switch (one(parameters, "order").orElse("desc")) {
          case "asc" -> true;
          case "desc" -> false;
          default -> throw new CallRefused(CallError.BAD_PAGE);
        };
    return new RequestedPage(
        before.or(() -> after.stream().findFirst()),
        before.isPresent(),
        ids(parameters),
        one(parameters, "purpose"),
        oldestFirst,
        limit(one(parameters, paging.limit())));
  }

  /**
   * Returns the page that follows an object in the direction of reading, with at most the given
   * number of objects.
   */
  RequestedPage behind(String object, int most) {
    return new RequestedPage(Optional.of(object), backwards, ids, purpose, oldestFirst, most);
  }

  /**
   * Returns the value of a parameter; empty if the query has no such parameter. A query with two
   * such parameters is refused, because parsers might read it differently.
   */
  private static Optional<String> one(Map<String, List<String>> parameters, String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > 1 || !values.stream().allMatch(RequestedPage::isPlain)) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
    return values.stream().filter(value -> !value.isEmpty()).findFirst();
  }

  /**
   * Returns the ids in a query. Anthropic's SDKs repeat the parameter {@code ids[]} for each id.
   */
  private static Set<String> ids(Map<String, List<String>> parameters) {
    Set<String> ids = new HashSet<>(parameters.getOrDefault("ids", List.of()));
    ids.addAll(parameters.getOrDefault("ids[]", List.of()));
    if (ids.size() > MOST_IDS || !ids.stream().allMatch(RequestedPage::isPlain)) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
    return ids;
  }

  private static boolean isPlain(String value) {
    return value.chars().allMatch(each -> each > ' ' && each <= '~');
  }

  private static int limit(Optional<String> stated) {
    try {
      int asked = stated.map(Integer::parseInt).orElse(MOST);
      if (asked < 1) {
        throw new CallRefused(CallError.BAD_PAGE);
      }
      return Math.min(asked, MOST);
    } catch (NumberFormatException e) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
  }
}
