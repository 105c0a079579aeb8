package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts that all calls of one API have in common. */
interface ApiFormat {
  /**
   * Whether a request that could belong to several APIs belongs to this one.
   *
   * @param query the names of the request's query parameters
   */
  boolean isMeant(String path, HttpHeaders headers, Set<String> query);

  /** The response to GET on another path than the path of models; null if there is none. */
  default @Nullable StubResponse read(String path, List<String> models) {
    return null;
  }

  /** The POST operations, by the end of their path. */
  Map<String, StubOperation> operations();

  /** The operations on stored objects. */
  default ObjectRoutes objects() {
    return new ObjectRoutes();
  }

  /** Whether input that was sent before may be stated as cached. */
  default boolean cachesPrompts() {
    return false;
  }

  /**
   * Returns the request with everything that it refers to.
   *
   * @throws Refused if the request refers to something that the account does not have
   */
  default IncomingRequest resolved(String path, Account account, IncomingRequest request) {
    return request;
  }

  /** The response to GET on the list of models: the page that the query requests. */
  StubResponse models(StubCall call, List<String> models);

  StubResponse model(String model);

  /** The names of the headers that may carry the key, the usual one first. */
  List<String> keyHeaders();

  /** The query parameter that may carry the key; empty if no parameter may. */
  default String keyParameter() {
    return "";
  }

  String requestIdHeader();

  /** An error in the form that the API's SDKs turn into their own exception. */
  StubResponse refusal(int status, String message);

  /** A text in the form of the API's main text operation, independent of the called operation. */
  StubResponse text(StubCall call, String text);

  /** A stream in the form of the API's main text operation. */
  TextStream stream(StubCall call);
}
