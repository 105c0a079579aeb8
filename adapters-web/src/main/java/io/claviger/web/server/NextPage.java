package io.claviger.web.server;

import io.javalin.http.Context;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the address of a list's next part: the address of this part with another cursor. */
final class NextPage {
  private NextPage() {}

  static String of(Context ctx, String cursor) {
    return ctx.path()
        + "?"
        + Stream.concat(kept(ctx.queryString()), Stream.of("cursor=" + cursor))
            .collect(Collectors.joining("&"));
  }

  /**
   * Returns the other parameters as they were sent. They stay percent-encoded, so that their values
   * can't add parameters or end the address.
   */
  private static Stream<String> kept(@Nullable String query) {
    return query == null || query.isEmpty()
        ? Stream.empty()
        : Arrays.stream(query.split("&", -1))
            .filter(p -> !p.startsWith("cursor="))
            .map(p -> p.replace("<", "%3C").replace(">", "%3E"));
  }
}
