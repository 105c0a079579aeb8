package io.claviger.bootstrap.cli;

import java.net.URI;

/** A Claviger whose two listeners answer. */
public interface RunningServer extends Stoppable {

  /** Of the API, with the port that is really bound. */
  URI api();

  /** Of the gateway, with the port that is really bound; not what a proxy in front shows. */
  URI gateway();
}
