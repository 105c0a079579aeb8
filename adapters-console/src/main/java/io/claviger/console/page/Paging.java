package io.claviger.console.page;

import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.SearchText;
import io.claviger.web.pages.Visit;
import io.claviger.web.server.CursorFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Divides long lists into pages. A page's address contains the position in the list after which the
 * page begins.
 */
public final class Paging {
  /**
   * The number of entries on a page. With this number of entries, a page stays below 30 kB. The
   * lines of group members and of the audit trail take up to 1 kB each.
   */
  private static final int ENTRIES = 25;

  private static final String AFTER = "after";

  /** The query parameter that contains the text to search for. */
  public static final String SEARCH = "q";

  private Paging() {}

  /**
   * Returns the part of the list that the address of the page requests.
   *
   * @throws io.claviger.domain.InvalidValue if the address does not contain a position in this list
   */
  public static <P> PageRequest<P> asked(Visit visit, CursorFormat<P> format) {
    return asked(visit, AFTER, format);
  }

  /**
   * Returns the part of a list that the address of the page requests, for pages that show several
   * lists.
   *
   * @param name the name of the query parameter that contains the position in this list
   * @throws io.claviger.domain.InvalidValue if the address does not contain a position in this list
   */
  public static <P> PageRequest<P> asked(Visit visit, String name, CursorFormat<P> format) {
    Optional<P> after = visit.query(name).filter(s -> !s.isEmpty()).map(format.read());
    return new PageRequest<>(after, ENTRIES);
  }

  /**
   * Returns the search text from the page's address; empty if there is none. The entries of the
   * list must contain the search text. If the search text is too long, only its beginning is used.
   */
  public static Optional<SearchText> searched(Visit visit) {
    String text = typed(visit).replace("\0", "").strip();
    int end = Math.min(text.length(), SearchText.LONGEST);
    boolean cutsPair = end > 0 && Character.isHighSurrogate(text.charAt(end - 1));
    return Optional.of(text.substring(0, cutsPair ? end - 1 : end))
        .filter(s -> !s.isEmpty())
        .map(SearchText::new);
  }

  /** Returns the text that was typed into the search field; empty if there was none. */
  public static String typed(Visit visit) {
    return visit.query(SEARCH).orElse("");
  }

  /**
   * Returns all items of a list. The pages of the list are read when their items are needed.
   *
   * @param read the function that reads a page
   */
  public static <T, P> Stream<T> all(Function<PageRequest<P>, Page<T, P>> read) {
    return Stream.iterate(
            Optional.of(read.apply(new PageRequest<>(Optional.empty(), PageRequest.MAX_LIMIT))),
            Optional::isPresent,
            page ->
                page.orElseThrow()
                    .next()
                    .map(
                        after ->
                            read.apply(
                                new PageRequest<>(Optional.of(after), PageRequest.MAX_LIMIT))))
        .flatMap(page -> page.orElseThrow().items().stream());
  }

  /** Whether a list with this number of entries fits on one page. */
  public static boolean isOnePage(int count) {
    return count <= ENTRIES;
  }

  /**
   * Returns the address of the page that follows this page; null if this is the last page.
   *
   * @param here the address of the list, including its filters
   */
  public static <P> @Nullable String next(Page<?, P> page, CursorFormat<P> format, Links here) {
    return next(page, AFTER, format, here);
  }

  /**
   * Returns the address of the next page of a list, for pages that show several lists; null on the
   * last page of the list.
   *
   * @param name the name of the query parameter that contains the position in this list
   * @param here the address of the list, including its filters
   */
  public static <P> @Nullable String next(
      Page<?, P> page, String name, CursorFormat<P> format, Links here) {
    return page.next()
        .map(last -> here.with(name, format.write().apply(last)).toString())
        .orElse(null);
  }
}
