package io.claviger.stub;

import java.util.List;
import java.util.Map;

/** What the calls of one API have in common. */
interface ApiFormat {
  /** The POST operations by the end of their path. */
  Map<String, StubOperation> operations();

  /** The answer to GET on the list of models, or on one. */
  StubResponse models(List<String> models);

  StubResponse model(String model);

  /** The headers that may carry the key, the usual one first. */
  List<String> keyHeaders();

  /** The query parameter that may carry it; empty where none does. */
  default String keyParameter() {
    return "";
  }

  /** The header in which this API names its requests. */
  String requestIdHeader();

  /** An error in the form its SDKs turn into their own exception. */
  StubResponse refusal(int status, String message);

  /** A text as the answer of the API's main text operation, whatever was called. */
  StubResponse text(StubCall call, String text);

  /** The same as a stream. */
  TextStream stream(StubCall call);
}
