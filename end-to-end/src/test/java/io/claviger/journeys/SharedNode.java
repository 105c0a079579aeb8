package io.claviger.journeys;

import io.claviger.bootstrap.node.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A node that the tests of a class share. Each test finds it as the first one did. Classes without
 * settings use the same nodes one after the other, because a node that starts plans all its
 * statements anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedNode.Last.class)
abstract class SharedNode {
  /** Nodes that no class uses. */
  private static final Queue<Started> FREE = new ConcurrentLinkedQueue<>();

  final Journey journey;
  final Node node;
  final Api root;
  private final Started started;
  private final boolean isLent;
  private boolean isLikeNew = true;

  SharedNode() {
    this(Optional.ofNullable(FREE.poll()).orElseGet(() -> new Started(Map.of())), true);
  }

  /**
   * With a node of this class alone.
   *
   * @param settings those besides the usual ones
   */
  SharedNode(Map<String, String> settings) {
    this(new Started(settings), false);
  }

  private SharedNode(Started started, boolean isLent) {
    this.started = started;
    this.journey = started.journey;
    this.node = started.node;
    this.root = journey.root(node);
    this.isLent = isLent;
  }

  /** A second node at the same database, for classes that need one. */
  final Node another() {
    Node second = started.second.orElseGet(journey::startNode);
    started.second = Optional.of(second);
    return second;
  }

  @AfterEach
  void startOver() {
    isLikeNew = false;
    journey.startOver(node);
    isLikeNew = true;
  }

  /** Searches for leaks. A node that was not left like a new one is not lent again. */
  @AfterAll
  void giveBack() {
    boolean isFree = false;
    try {
      journey.stopAllBut(started.nodes());
      journey.assertNothingLeaked();
      isFree = isLent && isLikeNew;
    } finally {
      if (isFree) {
        FREE.add(started);
      } else {
        journey.close();
      }
    }
  }

  /** What was started for a class, and may be lent to the next one. */
  private static final class Started {
    private final Journey journey = new Journey();
    private final Node node;
    private Optional<Node> second = Optional.empty();

    private Started(Map<String, String> settings) {
      Map<String, String> environment = new HashMap<>(journey.environment());
      environment.putAll(settings);
      node = journey.startNode(environment);
    }

    private List<Node> nodes() {
      return Stream.concat(Stream.of(node), second.stream()).toList();
    }
  }

  /** Ends the nodes after the last test. */
  static final class Last implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      AutoCloseable unused =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(Last.class))
              .computeIfAbsent("end", key -> Last::endAll, AutoCloseable.class);
    }

    private static void endAll() {
      for (Started free = FREE.poll(); free != null; free = FREE.poll()) {
        free.journey.close();
      }
    }
  }
}
