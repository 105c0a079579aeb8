package io.claviger.console.page;

import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.web.pages.Visit;
import io.claviger.web.server.CursorFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pages of long lists. The address of a page contains the position after which it begins. */
public final class Paging {
  /**
   * The entries of one page, so few that the page stays below 30 kB. Lines of members and of the
   * audit trail take up to 1 kB.
   */
  private static final int ENTRIES = 25;

  private static final String AFTER = "after";

  private Paging() {}

  /**
   * Returns the part of a list that the address asks for.
   *
   * @throws io.claviger.domain.InvalidValue if the address contains no position of this list
   */
  public static <P> PageRequest<P> asked(Visit visit, CursorFormat<P> format) {
    Optional<P> after =
        Optional.ofNullable(visit.query(AFTER)).filter(s -> !s.isEmpty()).map(format.read());
    return new PageRequest<>(after, ENTRIES);
  }

  /**
   * Returns the address of the page after this one; null after the last one.
   *
   * @param here the address of the list, with its filters
   */
  public static <P> @Nullable String next(Page<?, P> page, CursorFormat<P> format, Links here) {
    return page.next()
        .map(last -> here.with(AFTER, format.write().apply(last)).toString())
        .orElse(null);
  }
}
