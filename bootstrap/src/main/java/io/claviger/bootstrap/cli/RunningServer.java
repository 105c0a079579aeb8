package io.claviger.bootstrap.cli;

import io.claviger.host.Confidential;
import java.net.URI;
import java.util.Optional;

/** A running server. Its two listeners accept requests. */
public interface RunningServer extends Stoppable {

  /** The API's URL, with the port that is actually bound. */
  URI api();

  /**
   * The gateway's URL, with the port that is actually bound. A proxy in front may show another URL.
   */
  URI gateway();

  /** A one-time link for {@code root}, on the first start only. */
  default Optional<Confidential> signInLink() {
    return Optional.empty();
  }
}
