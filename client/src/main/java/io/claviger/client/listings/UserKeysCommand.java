package io.claviger.client.listings;

import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "user-keys",
    description =
        "List the services for which you store a key of your own, including those"
            + " that you may no longer use.")
public final class UserKeysCommand extends ListingCommand.Fixed {
  public UserKeysCommand(ProgramContext context) {
    super(
        context,
        "/v1/me/user-keys",
        List.of(
            Column.of("SERVICE", "service"),
            Column.of("SET", key -> TimeText.exact(key, "set_at"))));
  }
}
