package io.claviger.web.server;

import io.javalin.http.Context;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The address of a list's next part: this one's, with another cursor. */
final class NextPage {
  private NextPage() {}

  static String of(Context ctx, String cursor) {
    return ctx.path()
        + "?"
        + Stream.concat(kept(ctx.queryString()), Stream.of("cursor=" + cursor))
            .collect(Collectors.joining("&"));
  }

  /** The other parameters as they were sent: percent-encoded, so that they can't break out. */
  private static Stream<String> kept(@Nullable String query) {
    return query == null || query.isEmpty()
        ? Stream.empty()
        : Arrays.stream(query.split("&", -1))
            .filter(p -> !p.startsWith("cursor="))
            .map(p -> p.replace("<", "%3C").replace(">", "%3E"));
  }
}
