package io.claviger.gateway;

import io.claviger.application.capacity.PaceEstimates;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.routing.ModelRouting;
import io.claviger.application.shared.LogRate;
import io.claviger.gateway.authorize.AuthorizationContext;
import io.claviger.gateway.authorize.AuthorizationExecutor;
import io.claviger.gateway.events.GatewayEvents;
import io.claviger.gateway.events.GatewayEvents.Bound;
import io.claviger.gateway.in.ActiveCalls;
import io.claviger.gateway.in.CallerConnection;
import io.claviger.gateway.in.CallerContext;
import io.claviger.gateway.in.CallerTls;
import io.claviger.gateway.in.ConnectionQuota;
import io.claviger.gateway.in.ConnectionQuota.ConnectionPermit;
import io.claviger.gateway.in.LargeReads;
import io.claviger.gateway.in.OpenConnections;
import io.claviger.gateway.model.BodyBuffering;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.model.BufferBudget;
import io.claviger.gateway.model.IncludedReasoning;
import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.relay.CallEnvironment;
import io.claviger.gateway.relay.ConversationRoom;
import io.claviger.gateway.relay.GatewayCall;
import io.claviger.gateway.relay.TargetCooldowns;
import io.claviger.gateway.testcalls.OwnGateway;
import io.claviger.gateway.wire.GuardedTask;
import io.claviger.gateway.wire.Transport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.AttributeKey;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for scheduled tasks and closing
public final class Gateway implements AutoCloseable {
  private static final String HERE = "127.0.0.1";
  private static final int SWEEP_MILLIS = 5_000;

  /**
   * The time between two checks whether active calls are still permitted. If the permission of a
   * call is withdrawn, the call ends within a second. The first check after the withdrawal might
   * still miss the call, but the second check ends it.
   */
  private static final int LOOK_AGAIN_MILLIS = 400;

  private static final int LATE_BODIES_MILLIS = 500;
  private static final int AWAITED_LOOP_MILLIS = 500;
  private static final long BETWEEN_COUNTS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * The time for which the gateway waits for callers to receive the end of their broken-off calls.
   */
  private static final int BREAKING_OFF_MILLIS = 500;

  /**
   * The number of connections beyond the limit that may wait until their event loops close idle
   * connections.
   */
  private static final int MOST_WITHOUT_ROOM = 256;

  private static final AttributeKey<ConnectionPermit> PERMIT =
      AttributeKey.valueOf(Gateway.class, "permit");

  /** The objects that belong to a single event loop; no other event loop uses them. */
  private record Lane(ProviderPool pool, CallerContext callers) {}

  private final ChannelGroup callers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicBoolean leaving = new AtomicBoolean();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * The threads that read bodies. The threads are visible to tests, which keep these threads busy
   * so that bodies have to wait.
   */
  final BodyReaders bodyReaders = BodyReaders.start();

  /** The memory for bodies and answers. The memory is visible to tests, which use it up. */
  final BodyBuffering buffering;

  private final OutboundTransport out;
  private final Map<EventExecutor, Lane> lanes = new HashMap<>();
  private final ConnectionQuota quota;
  private final GatewayEvents events;
  private final @Nullable CallerTls tls;
  private final ListeningSocket listener;

  /**
   * The socket on which this program calls its own gateway; null if the socket for callers accepts
   * plain HTTP, so that the program can use that socket.
   */
  private final @Nullable ListeningSocket inside;

  /** The secret that this program has to send when it calls its own gateway. */
  private final String ownSecret = OwnGateway.newSecret();

  /** Starts to listen. */
  Gateway(
      GatewaySettings settings,
      CallAuthorization authorizeCall,
      ModelRouting routing,
      HeldObjects objects,
      GatewayEvents events,
      Transport transport) {
    this.events = events;
    quota = ConnectionQuota.ofThisProcess(settings.connections());
    int loops = NettyRuntime.availableProcessors();
    out =
        new OutboundTransport(
            loops,
            new DefaultThreadFactory("gateway"),
            transport,
            settings
                .outbound()
                .withOwnListeners(() -> ownListeners(settings.outbound().ownListeners().get())));
    AuthorizationContext authorization =
        new AuthorizationContext(
            authorizeCall,
            routing,
            new AuthorizationExecutor(blocking, authorizeCall::presentsBadTokens),
            settings.uploads(),
            settings.secrets());
    buffering =
        new BodyBuffering(
            BufferBudget.ofThisProcess(settings.bodySizes().mostHeld()),
            settings.bodySizes().mostHeld(),
            settings.bodySizes().most());
    TargetCooldowns cooldowns = TargetCooldowns.ofThisProcess();
    IncludedReasoning reasoning = new IncludedReasoning(settings.mayReason(), System::nanoTime);
    ConversationRoom conversations = ConversationRoom.ofThisProcess(settings.opened());
    LogRate warnings = new LogRate();
    PaceEstimates estimates = new PaceEstimates(System::nanoTime);
    for (EventExecutor executor : out.loops()) {
      EventLoop loop = (EventLoop) executor;
      ProviderPool pool = out.newPool(loop);
      OpenConnections connections =
          new OpenConnections(settings.connections(), loops, System::nanoTime);
      CallEnvironment calls =
          new CallEnvironment(
              authorization,
              events,
              settings.bodySizes(),
              settings.bodyPatience(),
              buffering,
              bodyReaders,
              objects,
              pool,
              cooldowns,
              settings.requestLinks(),
              settings.origins(),
              settings.rootPaths(),
              reasoning,
              settings.turns(),
              estimates,
              conversations,
              leaving,
              draining);
      CallerContext context =
          new CallerContext(
              GatewayCall.factory(calls),
              connections,
              events,
              settings.callerPatience(),
              settings.connections().headTime(),
              settings.callers(),
              draining,
              warnings,
              new LargeReads());
      lanes.put(loop, new Lane(pool, context));
      every(SWEEP_MILLIS, loop, pool::sweep);
      ActiveCalls active =
          new ActiveCalls(loop, connections, authorizeCall, blocking, settings.activity());
      every(LOOK_AGAIN_MILLIS, loop, active::lookAgain);
      every(LATE_BODIES_MILLIS, loop, connections::endLateBodies);
    }
    tls = settings.tls().map(CallerTls::new).orElse(null);
    inside = tls == null ? null : listen(HERE, 0, transport, true);
    listener = listen(settings.host(), settings.port(), transport, false);
  }

  private static void every(int millis, EventLoop loop, Runnable task) {
    loop.scheduleWithFixedDelay(GuardedTask.logged(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Starts a gateway, which listens and serves calls until it is closed.
   *
   * @param objects the ledger, in which the gateway records the objects that calls leave at
   *     providers
   * @throws UncheckedIOException if the gateway can't listen on the address
   */
  public static Gateway start(
      GatewaySettings settings,
      CallAuthorization authorizeCall,
      ModelRouting routing,
      HeldObjects objects,
      GatewayEvents events) {
    return new Gateway(settings, authorizeCall, routing, objects, events, Transport.best());
  }

  /** Starts a gateway that records no objects: none of its services lends storage. */
  public static Gateway start(
      GatewaySettings settings,
      CallAuthorization authorizeCall,
      ModelRouting routing,
      GatewayEvents events) {
    return start(settings, authorizeCall, routing, new NoHeldObjects(), events);
  }

  private ListeningSocket listen(String host, int port, Transport transport, boolean withoutTls) {
    try {
      return ListeningSocket.bind(
          host,
          port,
          transport,
          out.loops(),
          this::takePermit,
          channel -> accept(channel, withoutTls));
    } catch (BindException e) {
      close();
      throw new UncheckedIOException("the gateway can't listen", e);
    }
  }

  /**
   * Counts a new connection, or closes it if there are too many connections from its address, or if
   * too many other connections wait for event loops to make room for them.
   */
  private boolean takePermit(Channel channel) {
    if (quota.isOverfullBy(MOST_WITHOUT_ROOM)) {
      channel.unsafe().closeForcibly();
      events.connectionRefused(Bound.ALL);
      return false;
    }
    Optional<ConnectionPermit> permit =
        channel.remoteAddress() instanceof InetSocketAddress from
            ? quota.take(from.getAddress())
            : Optional.empty();
    if (permit.isEmpty()) {
      channel.unsafe().closeForcibly();
      events.connectionRefused(Bound.ADDRESS);
      return false;
    }
    channel.attr(PERMIT).set(permit.get());
    // The channel is also closed if Netty can't register the connection with an event loop. An
    // unregistered connection never reaches accept().
    channel.closeFuture().addListener(closed -> permit.get().leave());
    return true;
  }

  private void accept(Channel channel, boolean withoutTls) {
    ConnectionPermit permit = Objects.requireNonNull(channel.attr(PERMIT).get());
    Lane lane = lanes.get(channel.eventLoop());
    if (lane == null || closed.get()) {
      channel.close();
      return;
    }
    if (quota.isOverfull()) {
      List<CallerConnection> longestIdle = lane.callers().connections().takeLongestIdle();
      if (longestIdle.isEmpty()) {
        events.connectionRefused(Bound.ALL);
        channel.close();
        return;
      }
      longestIdle.forEach(
          idle -> {
            events.connectionRefused(Bound.IDLE);
            idle.evict();
          });
    }
    CallerTls encrypted = withoutTls ? null : tls;
    if (encrypted != null && !encrypted.addTo(channel)) {
      events.connectionRefused(Bound.ALL);
      channel.close();
      return;
    }
    callers.add(channel);
    CallerConnection caller = new CallerConnection(channel, lane.callers(), permit);
    if (withoutTls) {
      caller.demand(OwnGateway.SECRET, ownSecret);
    }
    caller.addTo(channel.pipeline());
    if (draining.get()) {
      caller.drain();
    }
  }

  public InetSocketAddress address() {
    return listener.address();
  }

  /** The address at which this program can call its own gateway. */
  public OwnGateway.Door inside() {
    return inside == null
        ? new OwnGateway.Door(address(), "")
        : new OwnGateway.Door(inside.address(), ownSecret);
  }

  /**
   * The number of connections to providers.
   *
   * @param open the number of open connections, including the idle connections
   */
  public record ProviderConnections(int open, int idle) {}

  /**
   * Returns the current numbers of connections; the two numbers might have been read at slightly
   * different moments.
   */
  public ProviderConnections providerConnections() {
    return new ProviderConnections(
        lanes.values().stream().mapToInt(lane -> lane.pool().openCount()).sum(),
        lanes.values().stream().mapToInt(lane -> lane.pool().idleCount()).sum());
  }

  private List<InetSocketAddress> ownListeners(List<InetSocketAddress> others) {
    List<InetSocketAddress> own = new ArrayList<>(others);
    own.add(address());
    if (inside != null) {
      own.add(inside.address());
    }
    return own;
  }

  /**
   * Makes callers reconnect, perhaps to another node, while this node still accepts connections and
   * calls. For each call that begins from now on, the connection is closed after the answer.
   */
  public void leave() {
    leaving.set(true);
  }

  /**
   * Stops accepting connections. Waits for the calls that have begun, and for those that arrive
   * within a second on open connections. Also waits for answers that are still read although their
   * callers have left. After these waits, closes the gateway. If a call is still waiting for its
   * turn, the gateway refuses the call immediately, so that the caller can repeat the call on
   * another node. Calls that take longer than {@code patience} are broken off.
   */
  public void drain(Duration patience) {
    leaving.set(true);
    listener.closeWhenEmpty();
    draining.set(true);
    awaitLoops(); // the connections that were accepted last have been set up
    eachCaller(CallerConnection::drain);
    long end = System.nanoTime() + patience.toNanos();
    if (callers.newCloseFuture().awaitUninterruptibly(patience.toMillis())) {
      awaitReadingOn(end);
    }
    close();
  }

  /** Waits until all event loops have run the tasks that are waiting now. */
  private void awaitLoops() {
    for (EventExecutor loop : out.loops()) {
      boolean unused = loop.submit(() -> {}).awaitUninterruptibly(AWAITED_LOOP_MILLIS);
    }
  }

  /**
   * Waits for the calls whose callers have left. The gateway might still read the answer to such a
   * call, because the answer states the usage. The gateway counts such a call as a connection.
   *
   * @param end the time at which the wait ends, as a value of {@link System#nanoTime}
   */
  private void awaitReadingOn(long end) {
    awaitLoops(); // now the tasks that closed the connections have ended
    awaitLoops(); // now the calls of these connections know that their callers have left
    while (quota.connections() > 0 && end - System.nanoTime() > 0) {
      LockSupport.parkNanos(BETWEEN_COUNTS_NANOS);
    }
  }

  private void eachCaller(Consumer<CallerConnection> task) {
    callers.forEach(
        channel -> {
          try {
            channel
                .eventLoop()
                .execute(GuardedTask.of(() -> run(task, channel), failure -> channel.close()));
          } catch (RejectedExecutionException ended) {
            channel.close();
          }
        });
  }

  private static void run(Consumer<CallerConnection> task, Channel channel) {
    CallerConnection caller = channel.pipeline().get(CallerConnection.class);
    if (caller != null) {
      task.accept(caller);
    }
  }

  /** Breaks off all calls. */
  @Override
  public void close() {
    closed.set(true);
    if (inside != null) {
      inside.close();
    }
    if (tls != null) {
      tls.close();
    }
    if (listener != null) {
      listener.close();
    }
    eachCaller(CallerConnection::stop);
    callers.newCloseFuture().awaitUninterruptibly(BREAKING_OFF_MILLIS);
    callers.close().awaitUninterruptibly();
    out.close();
    bodyReaders.close();
    blocking.shutdownNow();
  }
}
