@NullMarked
package io.claviger.application.requests;

import org.jspecify.annotations.NullMarked;
