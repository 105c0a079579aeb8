/** The rules of Claviger: values, permissions and decisions. They depend on no technology. */
@NullMarked
package io.claviger.domain;

import org.jspecify.annotations.NullMarked;
