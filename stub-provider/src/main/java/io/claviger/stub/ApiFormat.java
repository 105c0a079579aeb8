package io.claviger.stub;

import java.util.List;
import java.util.Map;

/** The parts that all calls of one API have in common. */
interface ApiFormat {
  /** The POST operations, by the end of their path. */
  Map<String, StubOperation> operations();

  /** The response to GET on the list of models: the page that the query asks for. */
  StubResponse models(StubCall call, List<String> models);

  StubResponse model(String model);

  /** The names of the headers that may carry the key, the usual one first. */
  List<String> keyHeaders();

  /** The query parameter that may carry the key. Empty if there is none. */
  default String keyParameter() {
    return "";
  }

  /** The response header that carries the request id. */
  String requestIdHeader();

  /** An error in the form that the API's SDKs turn into their own exception. */
  StubResponse refusal(int status, String message);

  /** A text in the form of the API's main text operation, independent of the called operation. */
  StubResponse text(StubCall call, String text);

  /** A stream in the form of the API's main text operation. */
  TextStream stream(StubCall call);
}
