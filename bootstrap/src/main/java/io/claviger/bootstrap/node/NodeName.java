package io.claviger.bootstrap.node;

import io.claviger.bootstrap.settings.ListenerSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name by which operators recognise a node: its host and port, or process. */
final class NodeName {
  private static final int LONGEST_HOST = 253;

  private NodeName() {}

  static String of(ListenerSettings listeners) {
    String process = "process " + ProcessHandle.current().pid();
    return listeners.port() == 0
        ? host() + ", " + process
        : host() + ":" + listeners.port() + ", " + process;
  }

  static String inProcess() {
    return host() + ", in process " + ProcessHandle.current().pid();
  }

  private static String host() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost";
    }
    return host.substring(0, Math.min(host.length(), LONGEST_HOST));
  }
}
