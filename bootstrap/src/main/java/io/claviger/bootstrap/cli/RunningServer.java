package io.claviger.bootstrap.cli;

import java.net.URI;

/** A running server. Its two listeners accept requests. */
public interface RunningServer extends Stoppable {

  /** The API's URL, with the port that is actually bound. */
  URI api();

  /**
   * The gateway's URL, with the port that is actually bound. A proxy in front may show another URL.
   */
  URI gateway();
}
