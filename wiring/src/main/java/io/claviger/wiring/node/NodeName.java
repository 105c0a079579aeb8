package io.claviger.wiring.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A node's name for operators. The name consists of the machine's name, the port if it is fixed,
 * and the process id.
 */
public final class NodeName {
  private static final int LONGEST_HOST = 253;

  private NodeName() {}

  /**
   * @param port the API's port; 0 if the system chooses it
   */
  public static String listeningOn(int port) {
    return ofRuns(port).orElseGet(() -> host() + ", process ") + ProcessHandle.current().pid();
  }

  /**
   * Returns how the names of all runs of a node begin. Empty if the system chooses the port,
   * because the names of other nodes on the machine begin in the same way then.
   *
   * @param port the API's port; 0 if the system chooses it
   */
  public static Optional<String> ofRuns(int port) {
    return port == 0 ? Optional.empty() : Optional.of(host() + ":" + port + ", process ");
  }

  public static String inProcess() {
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
