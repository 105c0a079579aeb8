package io.claviger.sdks;

import java.util.List;

/** A library for Java, as a program uses it. */
interface JavaClient {
  /** The model's answer to a prompt. */
  String answer(String prompt);

  /** The pieces of a streamed answer, in the order in which they arrived. */
  List<String> stream(String prompt);

  /**
   * The model's answer after it called the tool {@code weather} with a {@code city}, and was told
   * what {@link #weather} returns.
   */
  String callTool(String prompt);

  /** The tool. */
  static String weather(String city) {
    return "Sunny in " + city;
  }
}
