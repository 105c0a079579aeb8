package io.claviger.web.usage;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.web.server.CursorFormat;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/**
 * Writes and reads a position in a list of sums: what the last sum agreed in, one line for each
 * dimension.
 */
final class UsageSumPositions {
  private UsageSumPositions() {}

  static CursorFormat<List<String>> of(Set<UsageDimension> by) {
    return new CursorFormat<>(at -> String.join("\n", at), text -> read(text, by));
  }

  private static List<String> read(String text, Set<UsageDimension> by) {
    List<String> at = List.of(text.split("\n", -1));
    try {
      if (at.size() == by.size()) {
        if (by.contains(UsageDimension.DAY)) {
          LocalDate unused = UsageRoutes.dayOf(at.get(0));
        }
        return at;
      }
    } catch (DateTimeException e) {
      // Such a position gets the same error as any other wrong text, below.
    }
    throw new InvalidValue("cursor", "a next_cursor of this list, as it was given");
  }
}
