package io.claviger.client.command;

import io.claviger.client.session.ApiSession;
import picocli.CommandLine.Parameters;

/** The first argument of a command about one service: the reference of the service. */
public final class ServiceArgument {
  @Parameters(
      index = "0",
      paramLabel = "REF",
      completionCandidates = CompletedNames.Services.class,
      description = "OWNER/HANDLE, or HANDLE for one of your own.")
  private String ref;

  @SuppressWarnings("NullAway.Init") // picocli sets the reference
  public ServiceArgument() {}

  /** Returns the full reference, which contains the owner's handle. */
  public String full(ApiSession session) {
    return session.ref(ref);
  }

  /** Returns the service's path in the API, followed by the given segments. */
  public String path(ApiSession session, String... more) {
    return session.servicePath(ref, more);
  }
}
