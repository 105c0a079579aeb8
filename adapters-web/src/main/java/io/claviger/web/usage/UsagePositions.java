package io.claviger.web.usage;

import io.claviger.application.usage.port.UsagePosition;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.web.server.CursorFormat;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.UUID;

/**
 * Writes and reads a position in the list of usage: the day, the ids, the source, the prices and
 * the model, in this order.
 */
final class UsagePositions {
  static final CursorFormat<UsagePosition> POSITION =
      new CursorFormat<>(UsagePositions::write, UsagePositions::read);

  private static final int PARTS = 8;

  private UsagePositions() {}

  private static String write(UsagePosition at) {
    return String.join(
        " ",
        at.day().toString(),
        at.user().toString(),
        at.service().toString(),
        at.project().toString(),
        at.source().wireName(),
        Long.toString(at.prices().forService()),
        Long.toString(at.prices().forCallers()),
        at.model().key());
  }

  private static UsagePosition read(String text) {
    String[] parts = text.split(" ", PARTS);
    if (parts.length != PARTS) {
      throw none();
    }
    try {
      return new UsagePosition(
          UsageRoutes.dayOf(parts[0]),
          UUID.fromString(parts[1]),
          UUID.fromString(parts[2]),
          UUID.fromString(parts[3]),
          source(parts[4]),
          CountedModel.ofKey(parts[7]),
          new PriceVersions(Long.parseLong(parts[5]), Long.parseLong(parts[6])));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw none();
    }
  }

  private static KeySource source(String text) {
    return Arrays.stream(KeySource.values())
        .filter(source -> source.wireName().equals(text))
        .findFirst()
        .orElseThrow(UsagePositions::none);
  }

  private static InvalidValue none() {
    return new InvalidValue("cursor", "a next_cursor of this list, as it was given");
  }
}
