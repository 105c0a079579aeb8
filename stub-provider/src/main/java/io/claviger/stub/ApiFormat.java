package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties that all calls of one API have in common. */
interface ApiFormat {
  /**
   * Whether a request belongs to this API if its path exists in several APIs.
   *
   * @param query the names of the parameters in the request's query
   */
  boolean isMeant(String path, HttpHeaders headers, Set<String> query);

  /**
   * The response to GET on a path other than the path of models; null if the API has no such
   * response.
   */
  default @Nullable StubResponse read(String path, List<String> models) {
    return null;
  }

  /** The operations called by {@code POST}, keyed by the last part of their path. */
  Map<String, StubOperation> operations();

  /** Returns this API's operations on stored objects. */
  default ObjectRoutes objects() {
    return new ObjectRoutes();
  }

  /** Whether the API can state that previously sent input is cached. */
  default boolean cachesPrompts() {
    return false;
  }

  /**
   * Returns the request together with the content of all objects to which it refers.
   *
   * @throws Refused if the account lacks an object to which the request refers
   */
  default IncomingRequest resolved(String path, Account account, IncomingRequest request) {
    return request;
  }

  /**
   * Returns the response to a GET request for the list of models. The response contains the page
   * that the query requests.
   */
  StubResponse models(StubCall call, List<String> models);

  StubResponse model(String model);

  /** The names of the headers that can contain the key, beginning with the usual header. */
  List<String> keyHeaders();

  /** The name of the query parameter that can contain the key; empty if there is none. */
  default String keyParameter() {
    return "";
  }

  String requestIdHeader();

  /** Returns an error that the API's SDKs turn into their own exception. */
  StubResponse refusal(int status, String message);

  /**
   * Returns a response with the given text, as the API's main operation for generating text would
   * send it. The form of the response does not depend on the called operation.
   */
  StubResponse text(StubCall call, String text);

  /** Returns the stream that the API's main operation for generating text would send. */
  TextStream stream(StubCall call);
}
