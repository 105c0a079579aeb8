@NullMarked
package io.claviger.application.shared;

import org.jspecify.annotations.NullMarked;
