package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all calls of one API have in common. */
interface ApiFormat {
  /**
   * Whether a request that could belong to several APIs belongs to this API.
   *
   * @param query the names of the parameters in the request's query
   */
  boolean isMeant(String path, HttpHeaders headers, Set<String> query);

  /** The response to GET on a path other than the path of models; null if the API has none. */
  default @Nullable StubResponse read(String path, List<String> models) {
    return null;
  }

  /** The operations that are called by POST, by the end of their path. */
  Map<String, StubOperation> operations();

  /** Returns the operations on stored objects that this API has. */
  default ObjectRoutes objects() {
    return new ObjectRoutes();
  }

  /** Whether the API may state that input which was sent before is cached. */
  default boolean cachesPrompts() {
    return false;
  }

  /**
   * Returns the request together with the content of everything to which it refers.
   *
   * @throws Refused if the request refers to something that the account does not have
   */
  default IncomingRequest resolved(String path, Account account, IncomingRequest request) {
    return request;
  }

  /**
   * Returns the response to a GET request for the list of models. It contains the page that the
   * query requests.
   */
  StubResponse models(StubCall call, List<String> models);

  StubResponse model(String model);

  /** The names of the headers that may contain the key; the usual one comes first. */
  List<String> keyHeaders();

  /** The name of the query parameter that may contain the key; empty if no parameter may. */
  default String keyParameter() {
    return "";
  }

  String requestIdHeader();

  /** Returns an error in the form that the SDKs for the API turn into their own exception. */
  StubResponse refusal(int status, String message);

  /**
   * Returns a text in the form of the API's main operation for text, whatever operation was called.
   */
  StubResponse text(StubCall call, String text);

  /** Returns a stream in the form of the API's main operation for text. */
  TextStream stream(StubCall call);
}
