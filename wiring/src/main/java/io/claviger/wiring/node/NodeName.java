package io.claviger.wiring.node;

import java.net.InetAddress;
import java.net.UnknownHostException;

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
    String process = "process " + ProcessHandle.current().pid();
    return port == 0 ? host() + ", " + process : host() + ":" + port + ", " + process;
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
