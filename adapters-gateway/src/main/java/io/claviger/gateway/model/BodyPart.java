package io.claviger.gateway.model;

/**
 * A reader that searches a body for one purpose. A {@link CallReading} consists of several such
 * readers: a {@link JsonPart}, a {@link FormPart} or a {@link BytesPart}.
 */
interface BodyPart {
  void join(CallReading reading);

  /**
   * Searches a multipart form for one purpose. All parts of a {@link CallReading} that read forms
   * share one reader of the form.
   */
  interface FormPart extends BodyPart, MultipartReader.Parts {
    @Override
    default void join(CallReading reading) {
      reading.add(this);
    }

    /** The boundary between the parts of the form. */
    String boundary();

    /**
     * Called when parsers may divide the body into different parts, or when the body is not a form
     * at all.
     *
     * @throws io.claviger.gateway.errors.CallRefused if the body can't be sent for that reason
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
