/**
 * The examinations of {@code doctor}. Each one changes nothing, creates nothing, and reports its
 * result in one line.
 */
@NullMarked
package io.claviger.bootstrap.doctor;

import org.jspecify.annotations.NullMarked;
