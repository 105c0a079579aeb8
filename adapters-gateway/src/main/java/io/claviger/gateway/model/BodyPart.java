package io.claviger.gateway.model;

/**
 * A reader that searches a body for one purpose. A {@link CallReading} combines several such
 * readers. Each reader is a {@link JsonPart}, a {@link FormPart} or a {@link BytesPart}.
 */
interface BodyPart {
  void join(CallReading reading);

  /**
   * Searches a multipart form for one purpose. All readers of forms in a {@link CallReading} share
   * one parser of the form.
   */
  interface FormPart extends BodyPart, MultipartReader.Parts {
    @Override
    default void join(CallReading reading) {
      reading.add(this);
    }

    /** The delimiter between the parts of the form. */
    String boundary();

    /**
     * Called when parsers might divide the body differently, or when the body is no form at all.
     *
     * @throws io.claviger.gateway.errors.CallRefused if the reader requires a readable form
     */
    void malformed();

    @Override
    default void tooLong(String begin) {
      malformed();
    }

    /**
     * Called when the body is complete.
     *
     * @throws io.claviger.gateway.errors.CallRefused if the body can't be sent
     */
    default void complete() {}
  }

  /** Reads the bytes of a body that is neither JSON nor a multipart form. */
  interface BytesPart extends BodyPart {
    @Override
    default void join(CallReading reading) {
      reading.add(this);
    }

    void read(byte[] bytes, int from, int to);

    /** Called when the body is complete. */
    void complete();
  }
}
