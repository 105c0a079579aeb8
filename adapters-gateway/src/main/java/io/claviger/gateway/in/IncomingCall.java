package io.claviger.gateway.in;

import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call, with the methods that the caller's connection needs. Only used on the event loop of the
 * connection.
 */
public interface IncomingCall {
  /** Creates a call after its request's head has been read. */
  @FunctionalInterface
  interface Factory {
    IncomingCall create(CallerConnection caller, HttpRequest request);
  }

  void start();

  /** Whether the call accepts the next part of the body at this moment. */
  boolean takesBody();

  /**
   * @param part the next part of the body; the callee has to release it. This method is called only
   *     while {@link #takesBody} returns true
   */
  void body(HttpContent part);

  /**
   * Returns how many bytes are missing from a body that the call buffers; 0 or less if the call
   * buffers no body, or if the length of the body is unknown.
   */
  long accepted();

  /** Sends the accepted parts of the body to the provider. */
  void flushBody();

  /** Called when the caller has read so much of the answer that the gateway can write more. */
  void callerWritable();

  /** Called when the caller's connection is closed. */
  void callerGone();

  /** Called when the rest of the request has not arrived within the time limit. */
  void callerStalled();

  /**
   * Whether the caller sends the body of the request too slowly. Returns false while the provider
   * accepts no more bytes, because then the provider causes the delay.
   *
   * @param now the current time in nanoseconds
   */
  boolean isBodyLate(long now);

  /**
   * The request that this call makes; null before the request is known, and again after the call
   * has been answered.
   */
  @Nullable CallRequest request();

  /**
   * The facts on which the call's permission is based; null before the call is permitted, and after
   * the call has been answered.
   */
  AuthorizedCall.@Nullable AuthorizationBasis basis();

  /**
   * The id under which the node counts its work for the caller; null before the call is permitted,
   * and after the call has been answered. A service account counts as its responsible user or
   * group.
   */
  @Nullable UUID countedAs();

  /** Called when the permission to call was withdrawn. */
  void revoked(CallRefusal why);

  /**
   * Called when the gateway is about to stop. A call that is still waiting for its turn, and a call
   * that opens a WebSocket, end immediately.
   */
  void gatewayLeaves();

  /**
   * Called when the gateway stops and can't wait for the end of the call. The gateway breaks off
   * the answer, although the caller has not caused this.
   */
  void gatewayStops();

  /**
   * Called when the call failed unexpectedly. The caller gets an error or, if that is no longer
   * possible, the connection is closed.
   */
  void broken(Throwable why);
}
