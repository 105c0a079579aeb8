@NullMarked
package io.claviger.application.models;

import org.jspecify.annotations.NullMarked;
