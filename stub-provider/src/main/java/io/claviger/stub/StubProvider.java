package io.claviger.stub;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A simulated provider of LLM services on 127.0.0.1. The stub uses one thread, and serves OpenAI's
 * API under {@code /v1}, and the APIs of Cohere, Gemini and Anthropic under these providers' paths.
 * Any prefix can precede these paths.
 *
 * <p>The stub keeps stored objects (files, batches, responses and others) separately for each key,
 * in a limited amount of memory. The ids of stored objects have the providers' forms. If an account
 * has no object with an id, the stub refuses the id as the provider would. Apart from stored
 * objects, a response depends only on the request. {@link Behaviour} lists the model names that
 * make the stub misbehave.
 */
public final class StubProvider implements AutoCloseable {
  // These limits are far above what clients send, so that a test meets the limits of the tested
  // program instead.
  private static final HttpDecoderConfig WIDE =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(1 << 16)
          .setMaxHeaderSize(1 << 20)
          .setMaxChunkSize(1 << 16)
          .setValidateHeaders(false);

  private final StubOptions options;
  private final Recordings recordings;
  private final CallParser reception;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;

  private StubProvider(StubOptions options) {
    this.options = options;
    this.recordings = new Recordings(options.recording());
    this.reception = new CallParser(options);
    this.listener = listen();
  }

  /** Starts a stub on a free port, without TLS. Every key is accepted as a credential. */
  public static StubProvider start() {
    return start(StubOptions.defaults());
  }

  public static StubProvider start(StubOptions options) {
    return new StubProvider(options);
  }

  private Channel listen() {
    ChannelInitializer<SocketChannel> pipeline =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(SocketChannel channel) {
            accept(channel);
          }
        };
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(pipeline)
            .bind("127.0.0.1", options.port())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
      throw new IllegalStateException("can't listen on port " + options.port(), bound.cause());
    }
    return bound.channel();
  }

  private void accept(SocketChannel channel) {
    connections.add(channel);
    if (options.tls() != null) {
      channel.pipeline().addLast(options.tls().newHandler(channel.alloc()));
    }
    channel
        .pipeline()
        .addLast(new HttpServerCodec(WIDE), new ConnectionHandler(recordings, reception));
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /**
   * Returns the scheme, host and port of the stub, without a path. OpenAI's base URL is this URL
   * followed by {@code /v1}.
   */
  public String baseUrl() {
    return (options.tls() == null ? "http" : "https") + "://127.0.0.1:" + port();
  }

  /**
   * Sets how the next call to any operation is answered. If several behaviours are set, each of
   * them is used for one call, in the order in which they were set.
   */
  public void respondNextWith(Behaviour behaviour) {
    reception.order(behaviour);
  }

  /**
   * Sets the limits of each account from now on, with full buckets. Answers state these limits in
   * their headers. Another process can set the limits with PUT at {@code /stub/limits?requests=60}.
   * {@code GET} at the same path returns how many calls were allowed and refused since the limits
   * were set.
   *
   * @param limits a text in the form of {@link AccountLimits}; empty if there are no limits
   */
  public void limit(String limits) {
    AccountLimits read = AccountLimits.of(limits);
    onLoop(
        () -> {
          reception.pace().limit(read);
          return true;
        });
  }

  /**
   * The requests since the start or since the last {@link #clear}, in the order in which their
   * bodies ended.
   */
  public List<RecordedRequest> requests() {
    return recordings.requests();
  }

  /**
   * The WebSocket messages received since the start. A closing message has the form {@code close
   * 1000}.
   */
  public List<String> socketMessages() {
    return List.copyOf(recordings.socketMessages());
  }

  /**
   * The number of cancelled calls. A call is cancelled if the client closes the connection before
   * the response was sent.
   */
  public int cancelledRequests() {
    return recordings.cancelledRequests();
  }

  /**
   * Waits until at least {@code count} requests were received, and returns them. Throws {@link
   * IllegalStateException} if this takes longer than {@code patience}.
   */
  public List<RecordedRequest> awaitRequests(int count, Duration patience) {
    return recordings.awaitRequests(count, patience);
  }

  /**
   * Waits until {@code count} calls were cancelled. Throws {@link IllegalStateException} if this
   * takes longer than {@code patience}.
   */
  public void awaitCancelled(int count, Duration patience) {
    recordings.awaitCancelled(count, patience);
  }

  /**
   * Forgets the requests, the number of cancelled calls, the accounts' limits, and the behaviours
   * that were set but not used. Stored objects stay.
   */
  public void clear() {
    limit("");
    recordings.clear();
    reception.cancelOrders();
  }

  /**
   * The ids of the objects that an account stored at the stub. The oldest object of each kind comes
   * first. The objects are files, uploads, batches, stored responses and chats, the items of
   * responses, conversations, vector stores, containers and caches. All callers with the same key
   * share one account.
   */
  public List<String> objectIds(String key) {
    return onLoop(() -> reception.accounts().ids(key));
  }

  /** The id of the only prompt that an account created in the provider's dashboard. */
  public String promptId(String key) {
    return onLoop(() -> reception.accounts().of(key).promptId());
  }

  /**
   * The number of text tokens billed to an account, without embeddings. Two tokens of a batch count
   * as one.
   */
  public double billedTokens(String key) {
    return onLoop(
        () -> {
          Account account = reception.accounts().of(key);
          account.catchUp();
          return account.billedTokens();
        });
  }

  /** The addresses at which the stub issues tokens, and the callers who get tokens there. */
  public TokenUrls tokens() {
    return reception.tokens();
  }

  /** The bill of the stub for all keys together. */
  public ProviderLedger ledger() {
    return reception.accounts().ledger();
  }

  /** Deletes everything that accounts stored at the stub, and the bill. */
  public void forgetObjects() {
    onLoop(
        () -> {
          reception.accounts().forget();
          return true;
        });
  }

  private <T> T onLoop(Callable<T> task) {
    return loop.submit(task).syncUninterruptibly().getNow();
  }

  public int openConnections() {
    return connections.size();
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    connections.close().syncUninterruptibly();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /**
   * Runs a stub until the process is stopped. Records nothing.
   *
   * @param args the port, as the only argument
   */
  public static void main(String[] args) throws InterruptedException {
    int port = Integer.parseInt(args[0]);
    StubProvider stub = start(StubOptions.defaults().port(port).recording(false));
    stub.listener.closeFuture().sync();
  }
}
