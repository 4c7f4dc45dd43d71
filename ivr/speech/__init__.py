"""Amounts, numbers, dates and durations as sounds, in Chinese and in English. Pure.

A sound is a name below its language's folder and the text that it says. Few long sounds are
spoken better than many short ones, so all that people say in one breath is one sound: 二十三, 零五,
三角, twenty-three. `vocabulary` of a language has every sound that its methods can give.
"""
