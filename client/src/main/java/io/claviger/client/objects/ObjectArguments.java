package io.claviger.client.objects;

import io.claviger.client.command.ServiceArgument;
import io.claviger.client.session.ApiSession;
import io.claviger.client.text.TerminalText;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The arguments that name an object of a service. */
final class ObjectArguments {
  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Parameters(
      index = "1",
      paramLabel = "KIND",
      description = "The kind of the object, such as files.")
  private String kind;

  @Parameters(index = "2", paramLabel = "ID", description = "The provider's id of the object.")
  private String id;

  @SuppressWarnings("NullAway.Init") // picocli sets the arguments
  ObjectArguments() {}

  String path(ApiSession session, String list) {
    // Google writes the collection before the id: files/abc.
    return ref.path(session, list, kind, id.substring(id.lastIndexOf('/') + 1));
  }

  /** Returns the object in words. */
  String words(ApiSession session) {
    return "%s of %s".formatted(TerminalText.line(id), TerminalText.line(ref.full(session)));
  }
}
