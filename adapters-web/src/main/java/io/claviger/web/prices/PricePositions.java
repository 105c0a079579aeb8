package io.claviger.web.prices;

import io.claviger.application.prices.PricePosition;
import io.claviger.domain.InvalidValue;
import io.claviger.web.server.CursorFormat;
import java.time.DateTimeException;
import java.time.LocalDate;

/** Writes and reads a position in a list of prices: provider, first day and model. */
final class PricePositions {
  static final CursorFormat<PricePosition> POSITION =
      new CursorFormat<>(PricePositions::write, PricePositions::read);

  private PricePositions() {}

  private static String write(PricePosition at) {
    return String.join(" ", at.provider(), at.validFrom().toString(), at.model());
  }

  private static PricePosition read(String text) {
    String[] parts = text.split(" ", 3);
    try {
      if (parts.length == 3) {
        return new PricePosition(parts[0], parts[2], LocalDate.parse(parts[1]));
      }
    } catch (DateTimeException e) {
      // Such a position gets the same error as any other wrong text, below.
    }
    throw new InvalidValue("cursor", "a next_cursor of this list, as it was given");
  }
}
