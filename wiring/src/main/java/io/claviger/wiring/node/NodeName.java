package io.claviger.wiring.node;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The name by which operators recognise a node. It consists of the name of the machine, the port if
 * the node listens on a fixed port, and the id of the process.
 */
public final class NodeName {
  private static final int LONGEST_HOST = 253;

  private NodeName() {}

  /**
   * @param port the port of the API; 0 if the system chooses a port
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
