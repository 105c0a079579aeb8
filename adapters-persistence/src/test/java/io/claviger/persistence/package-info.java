@NullMarked
package io.claviger.persistence;

import org.jspecify.annotations.NullMarked;
