package io.claviger.bootstrap.node;

import io.claviger.bootstrap.cli.Serving;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.database.EmbeddedDatabase;
import io.claviger.bootstrap.settings.Build;
import io.claviger.bootstrap.settings.Confidential;
import io.claviger.bootstrap.settings.DataDirectory;
import io.claviger.bootstrap.settings.KeptEncryptionKey;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.settings.StartRefused;
import io.claviger.bootstrap.wiring.NodeContext;
import io.claviger.bootstrap.wiring.OperatorSecrets;
import io.claviger.domain.accounts.TokenText;
import io.claviger.web.UseCases;
import io.claviger.web.WebServer;
import io.claviger.web.WebSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that serves: database, use cases, gateway and API, started in this order and stopped in the other. */
public final class Node implements Serving {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final Settings settings;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private Node(Settings settings) {
    this.settings = settings;
  }

  /**
   * @throws StartRefused for what the operator can mend
   */
  public static Node start(Settings settings) {
    Node node = new Node(settings);
    try {
      node.start();
      return node;
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }
}
